// Pictures as WebP, which the browser itself makes, as good as there is room for.

/** @param {import("playwright-core").Browser} browser */
export async function packer(browser) {
  const page = await browser.newPage();
  /** @param {Buffer} png @param {number} most bytes */
  return async (png, most) => {
    const text = await page.evaluate(async ({ base64, limit }) => {
      const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const canvas = document.createElement("canvas");
      Object.assign(canvas, { width: image.width, height: image.height });
      canvas.getContext("2d").drawImage(image, 0, 0);
      const texts = [0.8, 0.75, 0.7, 0.6, 0.5].map((quality) => canvas.toDataURL("image/webp", quality));
      return texts.find((one) => one.length * 3 / 4 <= limit) || texts[texts.length - 1];
    }, { base64: png.toString("base64"), limit: most });
    return Buffer.from(text.split(",")[1], "base64");
  };
}
