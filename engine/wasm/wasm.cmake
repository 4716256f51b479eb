# engine.wasm: the driver behind the C exports of bindings.cpp, with no JavaScript glue. The page's
# loader (web/src/engine/wasm-module.ts) gives it the handful of WASI calls that libc asks for.
# Everything is built for size except what is the program's own speed: the interpreter loop, the heap and
# the collector, recording and reading of events.

# At -Oz em++ forbids inlining (-fno-inline-functions), in every file that has -Oz among its options; allowed
# again, the engine is smaller and up to twice as fast.
set(FAST_ROOMS memory trace)
set_source_files_properties(${CMAKE_SOURCE_DIR}/engine/vm/loop.cpp ${CMAKE_SOURCE_DIR}/engine/vm/single.cpp ${CMAKE_SOURCE_DIR}/engine/vm/trace_sites.cpp
                            ${CMAKE_SOURCE_DIR}/engine/vm/frames.cpp ${CMAKE_SOURCE_DIR}/engine/stdlib/natives_map.cpp
                            PROPERTIES COMPILE_OPTIONS "-O2;-finline-functions")
# Instructions that every browser of the last four years has: whole blocks moved and cleared at once (the C library
# goes byte by byte), signs extended, floats made integers.
target_compile_options(escapement_options INTERFACE -mbulk-memory -msign-ext -mnontrapping-fptoint)
foreach(room ${ESCAPEMENT_ROOMS})
  get_target_property(kind ${room} TYPE)
  if(NOT kind STREQUAL "INTERFACE_LIBRARY")
    if(room IN_LIST FAST_ROOMS)
      target_compile_options(${room} PRIVATE -O2)
    else()
      target_compile_options(${room} PRIVATE -Oz -finline-functions)
    endif()
  endif()
endforeach()

add_executable(engine ${CMAKE_SOURCE_DIR}/engine/wasm/bindings.cpp ${CMAKE_SOURCE_DIR}/engine/wasm/memory_growth.cpp
               ${CMAKE_SOURCE_DIR}/engine/wasm/read_double.cpp)
target_compile_options(engine PRIVATE -Oz -finline-functions -fno-exceptions -fno-rtti)
target_link_libraries(engine PRIVATE driver)
set_target_properties(engine PROPERTIES SUFFIX ".wasm")
target_link_options(engine PRIVATE
  -Oz --no-entry -sSTANDALONE_WASM -sDYNAMIC_EXECUTION=0
  -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=33554432 -sMAXIMUM_MEMORY=4294967296 -sTOTAL_STACK=4194304
  # Large functions with one caller stay themselves: what is alike is then packed together.
  -sBINARYEN_EXTRA_PASSES=--one-caller-inline-max-function-size=30
  -sEXPORTED_FUNCTIONS=_malloc,_free -Wl,--wrap=emscripten_resize_heap -Wl,--wrap=strtod)
