// Monomorphisation: programs whose generic functions would need infinitely many
// instances are rejected. Type parameters are vertices of a graph; an instantiation of P with a
// type argument built from Q is an edge Q → P, of weight 1 if Q is wrapped in a larger
// type. A cycle of positive weight is an error. (types2's mono.go)
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "engine/diag/position.h"
#include "engine/syntax/ast.h"
#include "engine/types/type.h"

namespace escapement::types {

struct Package;
struct TypeName;

// The graph of one package's instantiations. Vertices stand for type parameters and for
// types defined inside generic functions, which depend on the type parameters around them.
struct MonoGraph {
  struct Vertex {
    int weight = 0;  // of the heaviest known path from another vertex
    int pre = -1;    // last edge of that path
    int len = 0;     // number of edges on it
    const TypeName* object = nullptr;
  };
  struct Edge {
    int dst, src;
    int weight;
    diag::Pos pos;
    Type* type;
  };
  std::vector<Vertex> vertices;
  std::vector<Edge> edges;
  std::unordered_map<const TypeParam*, const TypeParam*> canon;  // of a receiver → of the type
  std::unordered_map<const TypeName*, int> vertex_of;            // -1: needs no vertex
};

// Says that receiver type parameter `mpar` stands for `tpar` of the type declaration.
void RecordCanon(Context& c, TypeParam* mpar, TypeParam* tpar);
// Records an instantiation; `xlist` are the explicit type argument expressions.
void RecordMonoInstance(Context& c, Package* pkg, diag::Pos pos, std::span<TypeParam* const> tparams,
                        TypeList targs, std::span<syntax::Expr* const> xlist);
// Reports an instantiation cycle, if there is one.
void Monomorph(Context& c);

}  // namespace escapement::types
