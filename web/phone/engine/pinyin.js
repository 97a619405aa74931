// Initials of pinyin without data of our own: browsers sort Chinese by pinyin, so the place of a sign among the first sign of
// each letter is its letter. A browser that does not know the order finds no initials, and searches by name and code.

/** The first sign of each letter in that order; i, u and v begin no syllable. */
const FIRST_SIGNS = [
  ["a", "阿"], ["b", "八"], ["c", "嚓"], ["d", "哒"], ["e", "妸"], ["f", "发"], ["g", "旮"], ["h", "哈"], ["j", "讥"],
  ["k", "咔"], ["l", "垃"], ["m", "痳"], ["n", "拏"], ["o", "噢"], ["p", "妑"], ["q", "七"], ["r", "呥"], ["s", "扨"],
  ["t", "它"], ["w", "穵"], ["x", "夕"], ["y", "丫"], ["z", "帀"],
];

/** @type {Intl.Collator | null | undefined} */
let pinyinOrder;

function orderOfPinyin() {
  if (pinyinOrder === undefined) {
    const order = new Intl.Collator("zh-CN-u-co-pinyin");
    const isKnown = ["讥", "哈", "阿", "丫"].sort(order.compare).join("") === "阿哈讥丫";
    pinyinOrder = isKnown ? order : null;
  }
  return pinyinOrder;
}

/** @type {Map<string, string>} */
const knownInitials = new Map();

/** @param {string} sign @returns {string} "" where it has none */
function initialOf(sign) {
  const known = knownInitials.get(sign);
  if (known !== undefined) return known;
  let initial = "";
  const order = orderOfPinyin();
  if (order && /[\u3400-\u9fff]/.test(sign)) {
    for (const [letter, first] of FIRST_SIGNS) {
      if (letter && first && order.compare(first, sign) <= 0) initial = letter;
    }
  }
  knownInitials.set(sign, initial);
  return initial;
}

/** The initials of a name: letters and digits stay, other signs are passed over. @param {string} name */
export function pinyinInitials(name) {
  let initials = "";
  for (const sign of name.normalize("NFKC").toLowerCase()) initials += /[a-z0-9]/.test(sign) ? sign : initialOf(sign);
  return initials;
}
