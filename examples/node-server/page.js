// The page: asks its own server for a token, and calls the API with it.

const QUERY = {
  model: 'thelook',
  view: 'order_items',
  fields: ['products.category', 'order_items.count'],
  sorts: ['order_items.count desc', 'products.category'],
  limit: '5',
};

let token;

/** Calls an operation of the API as the user of this page. */
async function call(method, path, body) {
  if (!token || token.expires_at < Date.now()) token = await (await fetch('/token')).json();
  const answer = await fetch(`${token.base_url}/api/4.0${path}`, {
    method,
    headers: { Authorization: `Bearer ${token.access_token}`, 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.message);
  return result;
}

try {
  const me = await call('GET', '/user');
  document.querySelector('#who').textContent = `You are ${me.display_name}`;
  for (const row of await call('POST', '/queries/run/json', QUERY)) {
    const line = document.querySelector('#rows').insertRow();
    for (const field of QUERY.fields) line.insertCell().textContent = row[field];
  }
} catch (problem) {
  document.querySelector('#who').textContent = problem.message;
}
