// What Slack checks in the page before it bothers the app.

const NEEDED = "Please fill this in.";

/** {block_id: words} for the inputs of `blocks` that `state` does not fill as they ask. */
export function faultsOf(blocks, state) {
  const faults = {};
  for (const block of blocks.filter(({ type }) => type === "input")) {
    const words = fault(block, state[block.block_id]?.[block.element.action_id]);
    if (words) faults[block.block_id] = words;
  }
  return faults;
}

function fault(block, value) {
  if (value?.uploading) return "A file is still on its way. Send again in a moment.";
  if (isEmpty(value)) return block.optional ? null : NEEDED;
  return CHECKS[block.element.type]?.(block.element, value.value) ?? null;
}

/** Whether an element's value, in Slack's form, holds nothing. */
export function isEmpty(value) {
  if (!value) return true;
  const { type, ...held } = value;
  return Object.values(held).every((one) => one === null || one === undefined || one === "" || (Array.isArray(one) && !one.length));
}

const CHECKS = {
  plain_text_input: length,
  email_text_input: (_, words) => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(words) ? null : "This is not an e-mail address. It should look like name@example.com."),
  url_text_input: (_, words) => (/^https?:\/\/\S+$/i.test(words) && URL.canParse(words) ? null : "This is not a web address. It should start with https://."),
  number_input: number,
};

function length(element, words) {
  if (element.min_length && words.length < element.min_length) return `Please write at least ${element.min_length} characters.`;
  if (element.max_length && words.length > element.max_length) return `Please keep this to ${element.max_length} characters.`;
  return null;
}

function number(element, words) {
  const whole = !element.is_decimal_allowed;
  if (!(whole ? /^-?\d+$/ : /^-?\d+(\.\d+)?$/).test(words.trim())) return whole ? "Please give a whole number." : "Please give a number.";
  const { min_value: least, max_value: most } = element;
  if (least !== undefined && Number(words) < Number(least)) return `The least is ${least}.`;
  if (most !== undefined && Number(words) > Number(most)) return `The most is ${most}.`;
  return null;
}
