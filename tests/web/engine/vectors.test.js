// The vectors of `openapi/conformance`, each with and without what a browser may lack.
import { test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { vectors, without } from "./tools.js";
import { canonicalText, hashOfContent, readJson } from "../../../web/shared/canonical.js";
import { judgeReceipt, keysOfSet } from "../../../web/shared/receipts.js";
import { ownSha256, ownSha512 } from "../../../web/shared/sha.js";
import { hexOf, base64UrlBytes, base64UrlOf } from "../../../web/shared/bytes.js";

/** @type {Parameters<typeof without>[0][]} */
const LACKS = [[], ["ed25519"], ["subtle"]];

for (const lack of LACKS) {
  const name = lack.length ? `without ${lack.join(", ")}` : "with all";
  test(`canonical forms ${name}`, () =>
    without(lack, async () => {
      const file = vectors("canonical");
      for (const one of file.vectors) {
        const value = readJson(one.json);
        assert.equal(canonicalText(value), one.canonical, one.name);
        assert.equal(await hashOfContent(value), one.sha256, one.name);
      }
      for (const one of file.refused) assert.throws(() => readJson(one.json), SyntaxError, one.name);
      assert.ok(file.vectors.length > 30 && file.refused.length > 0);
    }));

  test(`receipts ${name}`, () =>
    without(lack, async () => {
      const file = vectors("receipts");
      for (const one of file.vectors) {
        const keys = keysOfSet(one.key_set || file.key_set);
        assert.ok(keys);
        const found = await judgeReceipt(one.receipt, keys, { id: one.id, text: one.content });
        assert.equal(found.verdict, one.verdict, one.name);
      }
      assert.ok(file.vectors.length > 40);
    }));
}

test("own hashes are those of the standard", () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 1000]) {
    const bytes = new Uint8Array(length).map((_, at) => (at * 31) & 255);
    const of = (/** @type {string} */ name) => createHash(name).update(bytes).digest("hex");
    assert.equal(hexOf(ownSha256(bytes)), of("sha256"));
    assert.equal(hexOf(ownSha512(bytes)), of("sha512"));
    assert.deepEqual(base64UrlBytes(base64UrlOf(bytes)), bytes);
  }
});
