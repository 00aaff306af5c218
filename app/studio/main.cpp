// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/program.h"
#include "engine/api/engine.h"
#include "engine/api/process.h"

// Everything but the choice of the engine is in the library, where tests reach it with an engine of their own.
int main(int argc, char** argv) {
    vl::useShortSpins(argv);
    return vl::runStudio(argc, argv, &vl::makeEngine);
}
