import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programFragment } from '../serve.mjs';
import { Site, example, savedText, engineSays, output, run } from './browser.js';

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site.close());

const reads = `package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fmt.Println("got", lines.Text())
	}
}
`;

describe('the playground', () => {
  it('warns of what go vet warns of, and runs it all the same', async () => {
    const { page, faults } = await site.page();
    const text = 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Printf("%d\\n", "x")\n}\n';
    await site.program(page, text, 'monaco');
    expect(await run(page)).toBe('exited');
    expect(await output(page)).toContain('%!d(string=x)');
    expect(await page.locator('.status.vet').innerText()).toBe(
      'go vet warns: ./main.go:6:14: fmt.Printf format %d has arg "x" of wrong type string',
    );
    await page.locator('.monaco-editor .squiggly-warning').waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });

  it('runs several files and shows each one’s verdicts in its own tab', async () => {
    const { page, faults } = await site.page();
    const text =
      '-- main.go --\npackage main\n\nfunc main() { println(*made()) }\n-- made.go --\npackage main\n\nfunc made() *int {\n\tn := 7\n\treturn &n\n}\n';
    await site.program(page, text, 'monaco');
    expect(await run(page)).toBe('exited');
    expect(await output(page)).toContain('7');
    const files = page.getByRole('group', { name: 'Files' });
    await files.getByRole('button', { name: 'made.go', exact: true }).click();
    await page.locator('.monaco-editor').getByText('return').waitFor();
    await page.locator('.monaco-editor .verdict-heap').first().waitFor();
    await files.getByRole('button', { name: 'Add a file' }).click();
    await files.getByRole('button', { name: 'Remove more.go' }).click();
    expect(await files.getByRole('button', { name: /\.go$/ }).filter({ hasNotText: '×' }).count()).toBe(2);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('gives the program its input, and keeps input and settings in the link', async () => {
    const { page } = await site.page();
    await site.program(page, reads);
    await page.getByRole('button', { name: 'give input' }).click();
    await page.getByLabel('Standard input').fill('one\ntwo\n');
    await page.getByTitle('Settings of the run').click();
    await page.getByLabel('GOGC').selectOption('50');
    await page.keyboard.press('Escape');
    expect(await run(page)).toBe('exited');
    expect(await output(page)).toContain('got one\ngot two');
    await expect.poll(() => page.url(), { timeout: 30_000 }).toMatch(/&gogc=50&stdin=one%0Atwo%0A/);
    const other = await site.page();
    await other.page.goto(page.url());
    await other.page
      .getByRole('button', { name: 'Run', exact: true })
      .and(other.page.locator(':enabled'))
      .waitFor();
    expect(await other.page.getByLabel('Standard input').inputValue()).toBe('one\ntwo\n');
    expect(await run(other.page)).toBe('exited');
    expect(await output(other.page)).toContain('got two');
    await other.page.close();
    await page.close();
  });

  it('lays the program out as gofmt does, by button and key, and says what is no Go', async () => {
    // Narrow enough for the plain editor to stay.
    const { page, faults } = await site.page({ viewport: { width: 700, height: 800 } });
    await site.program(page, 'package main\nfunc main(){x:=1\n  println( x )}\n');
    const editor = page.getByLabel('Go program');
    await page.getByRole('button', { name: 'Format' }).click();
    await expect
      .poll(() => editor.inputValue(), { timeout: 30_000 })
      .toBe('package main\n\nfunc main() {\n\tx := 1\n\tprintln(x)\n}\n');
    await editor.fill('func f( ){}\n');
    await editor.press('Alt+Shift+F');
    await expect.poll(() => editor.inputValue(), { timeout: 30_000 }).toBe('func f() {}\n');
    await editor.fill('func f( {\n');
    await page.getByRole('button', { name: 'Format' }).click();
    await page.getByText(/^Not formatted: 1:/).waitFor();
    expect(await editor.inputValue()).toBe('func f( {\n');
    await page.getByText('Does not compile:').waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });

  it('opens the program that the address names, as text or at another site', async () => {
    const { page, faults } = await site.page();
    const text = 'package main\n\nfunc main() { println("named") }\n';
    const shown = () => page.getByLabel('Go program').inputValue();
    await page.goto(`${site.address}?src=${encodeURIComponent(text)}`);
    await expect.poll(shown, { timeout: 30_000 }).toBe(text);
    expect(await run(page)).toBe('exited');
    expect(await output(page)).toContain('named');
    const headers = { 'Access-Control-Allow-Origin': '*' };
    await page.route('https://elsewhere.test/open.go', route => route.fulfill({ body: text, headers }));
    await page.route('https://elsewhere.test/closed.go', route => route.abort('accessdenied'));
    await page.goto(`${site.address}?url=https://elsewhere.test/open.go`);
    await expect.poll(shown, { timeout: 30_000 }).toBe(text);
    expect(faults).toEqual([]);
    await page.goto(`${site.address}?url=https://elsewhere.test/closed.go`);
    await page.getByText(/elsewhere.test\/closed.go cannot be read from here/).waitFor();
    await page.close();
  });

  it('saves the run as a page that stands alone', async () => {
    const { page } = await site.page();
    await site.program(page, example('07-returned-pointer.go'));
    await run(page);
    await page.getByTitle('Files: open and save').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'The run as a page that stands alone' }).click(),
    ]);
    const saved = await savedText(download);
    expect(saved).not.toContain('<script');
    const alone = await site.page({ javaScriptEnabled: false });
    await alone.page.setContent(Buffer.from(saved, 'latin1').toString('utf8'));
    expect(await alone.page.locator('figcaption').first().innerText()).toMatch(
      /^Your code put 1 object on the heap/,
    );
    expect(await alone.page.locator('svg').count()).toBeGreaterThan(0);
    expect(await alone.page.locator('td').allInnerTexts()).toContain('moved to heap: p');
    expect(await alone.page.getByRole('link', { name: 'The program, alive' }).getAttribute('href')).toContain(
      '#v1:',
    );
    await alone.page.close();
    await page.close();
  });

  it('opens files, saves program, trace and pictures', async () => {
    const { page } = await site.page();
    await page.goto(site.address + programFragment('package main\n\nfunc main() {}\n'));
    await page.getByTitle('Files: open and save').click();
    await page.getByLabel('Go files …').setInputFiles({
      name: 'x.go',
      mimeType: 'text/plain',
      buffer: Buffer.from('package main\n\nfunc main() { println("opened") }\n'),
    });
    await page.keyboard.press('Escape');
    expect(await run(page)).toBe('exited');
    expect(await output(page)).toContain('opened');
    const saved = async (press: () => Promise<void>): Promise<string> => {
      const [download] = await Promise.all([page.waitForEvent('download'), press()]);
      return savedText(download);
    };
    const item = (name: string) => async (): Promise<void> => {
      await page.getByTitle('Files: open and save').click();
      await page.getByRole('button', { name, exact: true }).click();
      await page.keyboard.press('Escape');
    };
    expect(await saved(item('Program'))).toContain('println("opened")');
    const trace = JSON.parse(await saved(item('Trace as JSON'))) as { events: unknown[] };
    expect(trace.events).toHaveLength((await engineSays(page)).overview.events);
    const timeline = page.locator('escapement-timeline');
    expect(await saved(() => timeline.getByTitle('Save the picture as SVG').click())).toMatch(/^<svg/);
    expect(await saved(() => timeline.getByTitle('Save the picture as PNG').click())).toMatch(/^.PNG/);
    await page.close();
  });

  it('remembers the last programs and the theme, and says its keys', async () => {
    const { page } = await site.page({ colorScheme: 'light' });
    await site.program(
      page,
      'package main\n\nfunc remembered() {}\n\nfunc main() { remembered() }\n',
      'monaco',
    );
    await page.locator('.monaco-editor .view-lines').first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('// x');
    await expect
      .poll(() => page.evaluate(() => localStorage.getItem('escapement.recent') ?? ''), { timeout: 30_000 })
      .toContain('remembered');
    await page.getByRole('button', { name: 'Dark colours' }).click();
    await page.goto(site.address);
    await page.locator(':root[data-theme=dark]').waitFor();
    await page.locator('select.examples').selectOption({ label: 'Recent: remembered' });
    await page.locator('.editor-place').getByText('remembered').first().waitFor();
    await page.getByRole('button', { name: 'Stop' }).evaluate(b => (b as HTMLElement).blur());
    await page.locator('.toolbar').click({ position: { x: 2, y: 2 } });
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Help' }).getByText('Reading the page').waitFor();
    await page.close();
  });

  it('a program that is somebody’s stays text: nothing of it becomes markup', async () => {
    const { page, faults } = await site.page();
    const evil = '<img src=x onerror=alert(1)>';
    await site.program(
      page,
      `-- ${evil}.go --\npackage main\n\nfunc main() { println("${evil}"); panic("</pre>${evil}") }\n`,
    );
    expect(await run(page)).toBe('exited');
    expect(await output(page)).toContain(evil);
    expect(await page.locator('img').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });
});
