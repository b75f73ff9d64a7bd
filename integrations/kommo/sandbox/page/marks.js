/* WhatsApp's marks in a message's text, shown as WhatsApp shows them. */

import { element } from "./dom.js";

// A mark counts only at the edge of a word: snake_case and 2 * 3 * 4 stay as they are.
const MARKED =
  /(?<![\p{L}\p{N}])(?:```(?<mono>[\s\S]+?)```|(?<mark>[*_~])(?=\S)(?<inner>[^\n]*?\S)\k<mark>)(?![\p{L}\p{N}])/u;
const TAG_OF = { "*": "strong", _: "em", "~": "s" };

/** WhatsApp's marks as elements: *bold*, _italic_, ~strike~, ```mono```. Everything else stays text. */
export function formatted(text) {
  const fragment = document.createDocumentFragment();
  const found = MARKED.exec(text);
  if (!found) {
    fragment.append(text);
    return fragment;
  }
  const { mono, mark, inner } = found.groups;
  const styled = mono === undefined ? element(TAG_OF[mark], {}, formatted(inner)) : element("code", {}, mono);
  fragment.append(text.slice(0, found.index), styled, formatted(text.slice(found.index + found[0].length)));
  return fragment;
}
