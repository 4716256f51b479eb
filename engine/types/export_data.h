// Export data: which objects of a library package the compiler sees that imports it.
#pragma once

#include "engine/types/context.h"

namespace escapement::types {

// Whether an unexported package-level object is in its package's export data: exported
// declarations need it, or inlinable bodies that come along.
// Model: what a body mentions is found by name, in whatever scope; functions of which nothing is known
// yet are taken to be inlinable if exported and of one statement.
bool InExportData(Context& c, const Object* object);

}  // namespace escapement::types
