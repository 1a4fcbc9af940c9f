// A second, strict client of Responses against the service at the URL given: node open-responses.mjs http://127.0.0.1:8080
import assert from "node:assert/strict";
import { createOpenResponses } from "@ai-sdk/open-responses";
import { generateText, streamText } from "ai";

const provider = createOpenResponses({ name: "footnote", url: `${process.argv[2]}/v1/responses` });
const prompt = "What is the gate code?";
const text = "The gate code is 4711 😀. It changes every month.";

const plain = await generateText({ model: provider("footnote"), prompt, maxRetries: 0 });
assert.equal(plain.text, text);
assert.equal(plain.finishReason, "stop");
assert.ok(plain.usage.totalTokens > 0);
console.log("plain: passed");

const stream = streamText({
  model: provider("footnote"),
  prompt,
  maxRetries: 0,
  onError: ({ error }) => {
    throw error;
  },
});
let told = "";
for await (const piece of stream.textStream) told += piece;
assert.equal(told, text);
assert.equal(await stream.finishReason, "stop");
console.log("streamed: passed");
