// gofmt: Go's own go/format, run by the engine on the text of a file.
import type { EngineClient } from '../engine/engine-client.js';
import { goRunOptions } from '../protocol/questions.js';

const program = `package main

import (
	"fmt"
	"go/format"
	"io"
	"os"
)

func main() {
	text, _ := io.ReadAll(os.Stdin)
	formatted, err := format.Source(text)
	if err != nil {
		fmt.Fprint(os.Stderr, err)
		os.Exit(1)
	}
	os.Stdout.Write(formatted)
}
`;
const files = [{ name: 'format.go', text: program }];

/** The text as gofmt lays it out. Throws with gofmt's own message where it is no Go. */
export async function formatGo(client: EngineClient, text: string): Promise<string> {
  const session = client.open();
  let output = '';
  let errorOutput = '';
  try {
    const end = await session.run(files, { ...goRunOptions, input: text }, slice => {
      output += slice.output;
      errorOutput += slice.errorOutput;
    });
    if (end.kind === 'not compiled') throw new Error('the engine has no go/format');
    output += end.slice.output;
    errorOutput += end.slice.errorOutput;
    if (end.slice.exitStatus !== 0) throw new Error(errorOutput.split('\n')[0]!);
    return output;
  } finally {
    void session.close().catch(() => {});
  }
}
