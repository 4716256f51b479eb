// <escapement-header>: the bar that every page of the site begins with: where one is, where one can go, the theme.
import { html, nothing } from 'lit';
import { LightElement } from '../views/light-element.js';
import { pages } from './pages.js';
import type { OfflineNews } from './offline.js';
import { applyPageTheme, choosePageTheme, pageTheme, type Theme } from './theme.js';

export class SiteHeader extends LightElement {
  static override properties = { here: {}, theme: { state: true }, news: { state: true } };
  /** The file of the page that holds the bar. */
  declare here: string;
  declare theme: Theme;
  declare news: OfflineNews | null;

  constructor() {
    super();
    this.here = '';
    this.news = null;
    document.addEventListener('escapement-offline', e => {
      this.news = (e as CustomEvent<OfflineNews>).detail;
    });
    this.theme = pageTheme();
    applyPageTheme(this.theme);
  }

  override connectedCallback(): void {
    // What the document showed until now.
    this.replaceChildren();
    super.connectedCallback();
  }

  protected override render(): unknown {
    const other = this.theme === 'dark' ? 'light' : 'dark';
    return html`<a class="brand" href="./index.html"
        ><span class="mark" aria-hidden="true"></span>Escapement</a
      >
      <span class="tagline">where Go puts your memory</span>
      <span class="news" role="status"
        >${this.news?.sentence ?? nothing}${this.news?.update ? html` <button @click=${this.news.update}>Use it now</button>` : nothing}</span
      >
      <nav aria-label="Site">
        ${pages.map(
          ([file, name]) =>
            html`<a href="./${file}" aria-current=${this.here === file ? 'page' : 'false'}>${name}</a>`,
        )}
      </nav>
      <button
        class="theme"
        aria-label="${other === 'dark' ? 'Dark' : 'Light'} colours"
        title="${other === 'dark' ? 'Dark' : 'Light'} colours"
        @click=${() => {
          this.theme = other;
          choosePageTheme(other);
        }}
      >
        ◐
      </button>`;
  }
}

customElements.define('escapement-header', SiteHeader);
