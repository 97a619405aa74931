// Clauses and editions as each language cites them. Rules carry the clause as `7.1 Table 2`; in Chinese that is 第7.1条表2, as the
// service writes it in sentences (crates/domain/src/wording.rs).

import { language } from "../../shared/text.js";

/** Clauses without a number. @type {Record<string, string>} */
const CLAUSE_NAMES = {
  "project default": "项目默认值", "repair chapter": "抢修章", "gas protection station": "煤气防护站", "equipment": "装备", "equipment (may choose)": "装备（可选配）",
  "personnel": "人员", "hotel rooms": "客房", "fire-fighting clause": "消防条款", "annex: squad basic equipment": "附录 小队基本装备",
  "annex: personal equipment": "附录 个人装备", "(quoted)": "（转引）", "(quoted in exam notes)": "（转引自考试资料）",
  "(quoted; standard number recalled)": "（转引）", "(not in the excerpt)": "（条号待查）", "(news text)": "（转引自新闻）",
  "(one company plan after AQ 1009-2007)": "（转引自一中队的预案）", "annex": "附录", "items 1-3": "第1～3项", "6.1 Table 1 (last rows)": "第6.1条表1（末几行）",
  "7(一)2(1) table": "第七部分（一）2（1）表",
};

/** Words before a number, with what stands around it in Chinese. @type {Record<string, [string, string]>} */
const CLAUSE_WORDS = { table: ["表", ""], tables: ["表", ""], annex: ["附录", ""], row: ["第", "行"], "art.": ["第", "条"] };
const CLAUSE_NOTES = /** @type {Record<string, string>} */ ({ note: "注", remark: "备注", "(quoted)": "（转引）" });

/** A clause in the language of the page; as it is written where a part of it is not understood. @param {string} clause */
export function clauseName(clause) {
  if (language() === "en") return clause;
  return CLAUSE_NAMES[clause] || clauseInChinese(clause) || clause;
}

/** @param {string} clause @returns {string | null} */
function clauseInChinese(clause) {
  const isNumber = (/** @type {string} */ text) => /^[0-9A-Z][A-Za-z0-9.-]*$/.test(text);
  const bare = (/** @type {string} */ text) => text.replace(/[,;]$/, "");
  const words = clause.split(/\s+/);
  let chinese = "";
  for (let at = 0; at < words.length; at += 1) {
    const word = bare(words[at]);
    const next = at + 1 < words.length ? words[at + 1] : "";
    const named = CLAUSE_WORDS[word.toLowerCase()];
    if (named) {
      const number = isNumber(bare(next)) ? bare(next) : "";
      if (number) at += 1;
      const part = named[0] + number + named[1];
      chinese += word.toLowerCase() === "tables" ? part.replace("-", "～") : part;
      if (number && next.endsWith(";")) chinese += "；";
    } else if (CLAUSE_NOTES[word]) chinese += CLAUSE_NOTES[word];
    else if (/^\d/.test(word) && isNumber(word)) chinese += `第${word}条${/^\d/.test(next) && words[at] !== word ? (words[at].endsWith(";") ? "；" : "、") : ""}`;
    else return null;
  }
  return chinese;
}

/** The number of an edition as it is printed: `GB 30077-2013`, in Chinese `GB 30077—2013`; its code where that is none. @param {string} code */
export function standardNumber(code) {
  const parts = /^(GB|AQ|GA|XF|YJ|CJJ|WS)(T?)(\d[\d.]*)(?:-(\d+))?$/.exec(code);
  if (!parts) return code;
  const [, issuer, recommended, number, year] = parts;
  return `${issuer}${recommended ? "/T" : ""} ${number}${year ? `${language() === "en" ? "-" : "—"}${year}` : ""}`;
}
