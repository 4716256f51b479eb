// Strips comments from Go source for packs: line structure and directives stay, so
// that positions' lines, pragmas and build constraints mean what they meant.
#pragma once

#include <string>
#include <string_view>

namespace escapement::stdlib {

// `source` without comments. Newlines inside general comments are kept; a comment
// between two tokens of a line leaves a space; `//go:…`, `//line` and `//export`
// lines stay as they are; trailing blanks go.
std::string StripComments(std::string_view source);

}  // namespace escapement::stdlib
