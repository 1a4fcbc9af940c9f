// Node's official client against the service at the URL given: node openai.mjs http://127.0.0.1:8080
import assert from "node:assert/strict";
import OpenAI from "openai";

const client = new OpenAI({ baseURL: `${process.argv[2]}/v1`, apiKey: "none", maxRetries: 0 });
const question = "What is the gate code?";
const messages = [{ role: "user", content: question }];
const text = "The gate code is 4711 😀. It changes every month.";
const tools = [{ type: "file_search", vector_store_ids: ["default"] }];

async function chat() {
  const plain = await client.chat.completions.create({ model: "footnote", messages });
  assert.equal(plain.choices[0].message.content, text);
  assert.ok(plain.usage.total_tokens > 0);
  // Offsets count code points: JavaScript's strings are cut by those once they are spread.
  const [first, second] = plain.choices[0].message.annotations.map((each) => each.url_citation);
  const points = [...text];
  assert.equal(points.slice(first.start_index, first.end_index).join(""), "The gate code is 4711 😀.");
  assert.equal(points.slice(second.start_index, second.end_index).join(""), "It changes every month.");
}

async function streamedChat() {
  const stream = client.chat.completions.stream({
    model: "footnote",
    messages,
    stream_options: { include_usage: true },
  });
  const final = await stream.finalChatCompletion();
  assert.equal(final.choices[0].message.content, text);
  assert.equal(final.choices[0].finish_reason, "stop");
  assert.ok((await stream.totalUsage()).total_tokens > 0);
}

async function responses() {
  const plain = await client.responses.create({ model: "footnote", input: question, tools });
  assert.equal(plain.output_text, text);
  const next = await client.responses.create({ model: "footnote", input: "And when?", previous_response_id: plain.id });
  assert.equal(next.previous_response_id, plain.id);
  assert.equal((await client.responses.retrieve(plain.id)).output_text, text);
}

async function streamedResponses() {
  const stream = client.responses.stream({ model: "footnote", input: question, tools });
  const kinds = [];
  for await (const event of stream) kinds.push(event.type);
  assert.equal(kinds[0], "response.created");
  assert.equal(kinds.at(-1), "response.completed");
  assert.equal((await stream.finalResponse()).output_text, text);
}

async function others() {
  const models = [];
  for await (const model of client.models.list()) models.push(model.id);
  assert.ok(models.includes("footnote"));
  const found = await client.embeddings.create({ model: "footnote", input: "the gate" });
  assert.equal(found.data[0].embedding.length, 64);
  await assert.rejects(client.responses.retrieve("resp_none"), OpenAI.NotFoundError);
  await assert.rejects(client.chat.completions.create({ model: "footnote", messages, n: 2 }), { param: "n" });
}

for (const check of [chat, streamedChat, responses, streamedResponses, others]) {
  await check();
  console.log(`${check.name}: passed`);
}
