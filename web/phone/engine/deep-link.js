// Addresses that a label holds: `/d/DEPOT#ITEM`, or `/d/DEPOT#NUMBER` of the label.

/**
 * @param {string} address  whole, or from its path on
 * @returns {{depot: string, item: string | null} | null} null where it is none
 */
export function readDeepLink(address) {
  if (address.length > 2000) return null;
  const found = /^(?:https?:\/\/[^/?#]+)?\/d\/([^/?#]+)\/?(?:\?[^#]*)?(?:#(.*))?$/.exec(address.trim());
  if (!found) return null;
  try {
    const [depot, item] = [decodeURIComponent(found[1] || ""), decodeURIComponent(found[2] || "")];
    return depot.length <= 64 && item.length <= 64 ? { depot, item: item === "" ? null : item } : null;
  } catch {
    return null;
  }
}
