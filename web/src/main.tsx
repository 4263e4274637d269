import { render } from 'preact';
import { takeBrought } from './request/account';
import { followAddress } from './route';
import { loadVersions } from './state';
import { App } from './view/app';
import { comeBack } from './view/sign_in';

const host = document.getElementById('app');
if (host) {
  const brought = takeBrought();
  followAddress();
  void loadVersions().then(() => brought && comeBack(brought));
  host.replaceChildren();
  render(<App />, host);
}
