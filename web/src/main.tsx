import { render } from 'preact';
import { followAddress } from './route';
import { loadVersions } from './state';
import { App } from './view/app';

const host = document.getElementById('app');
if (host) {
  followAddress();
  void loadVersions();
  host.replaceChildren();
  render(<App />, host);
}
