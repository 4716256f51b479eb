// Names of the types that the headers of this room share, so that each header
// includes only what it stores.
#pragma once

#include <span>

#include "engine/base/arena.h"
#include "engine/base/constant.h"
#include "engine/base/interner.h"
#include "engine/diag/position.h"

namespace escapement::types {
struct Package;
struct Object;
struct Func;
struct Type;
}  // namespace escapement::types

namespace escapement::ir {

struct Node;
struct Name;
struct Func;
struct Type;
struct Field;
struct Package;
struct Sym;
struct Label;
class TypeTable;
class Program;

// A replaceable list of children. To add or remove, make a new array in the arena.
using List = std::span<Node*>;

}  // namespace escapement::ir
