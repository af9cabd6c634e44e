// The page's one door to the stand-in: JSON in, JSON out.

/** The stand-in refused, or could not be reached; `message` is fit to show. */
export class ServerError extends Error {
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

const UNREACHABLE = "The sandbox did not answer. Check that it is still running, then try again.";

async function request(path, options) {
  let response;
  try {
    response = await fetch(`/client/api/${path}`, options);
  } catch {
    throw new ServerError(UNREACHABLE, "unreachable");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    const words = body.message ?? `The sandbox answered ${response.status}. Try again.`;
    throw new ServerError(words, body.error ?? String(response.status));
  }
  return body;
}

/** GET `path` with the query of `params`; those that are null are left out. */
export function get(path, params = {}) {
  const given = Object.entries(params).filter(([, value]) => value !== null && value !== undefined);
  return request(`${path}?${new URLSearchParams(given)}`, {});
}

/** POST `body` as JSON to `path`. */
export function post(path, body) {
  return request(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** POST the bytes of `file` to `path` with the query of `params`. */
export function upload(path, params, file) {
  return request(`${path}?${new URLSearchParams(params)}`, { method: "POST", body: file });
}
