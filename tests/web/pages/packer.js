// Pictures as WebP, which the browser itself makes, as good as there is room for.

/** @param {import("playwright-core").Browser} browser */
export async function packer(browser) {
  const page = await browser.newPage();
  /** @param {Buffer} png @param {number} most bytes @param {number} [widest] in pixels */
  return async (png, most, widest = 4096) => {
    const text = await page.evaluate(async ({ base64, limit, width }) => {
      const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const canvas = document.createElement("canvas");
      const scale = Math.min(1, width / image.width);
      Object.assign(canvas, { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
      const drawing = canvas.getContext("2d");
      drawing.imageSmoothingQuality = "high";
      drawing.drawImage(image, 0, 0, canvas.width, canvas.height);
      const texts = [0.8, 0.75, 0.7, 0.6, 0.5].map((quality) => canvas.toDataURL("image/webp", quality));
      return texts.find((one) => one.length * 3 / 4 <= limit) || texts[texts.length - 1];
    }, { base64: png.toString("base64"), limit: most, width: widest });
    return Buffer.from(text.split(",")[1], "base64");
  };
}
