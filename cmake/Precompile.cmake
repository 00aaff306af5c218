# SPDX-License-Identifier: Apache-2.0
# Precompiled headers for the targets with many files behind one heavy library: a widget file compiles in 0.4 s of
# processor time instead of 1.4 s. Off in `dev`, which is where a missing #include is to be noticed. The torch rings
# have none: there it saves less than making one costs each ring.
function(vl_precompile target)
  if(VL_PCH AND TARGET ${target})
    target_precompile_headers(${target} PRIVATE ${ARGN})
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)  # lets ccache see through it
  endif()
endfunction()

set(standard <algorithm> <cmath> <functional> <memory> <optional> <string> <vector>)
set(qt <QApplication> <QLabel> <QMouseEvent> <QPainter> <QPushButton> <QString> <QTimer> <QVBoxLayout> <QWidget>)
vl_precompile(vl_widgets ${standard} ${qt})
vl_precompile(vl_studio ${standard} ${qt})
vl_precompile(visionllama ${standard} <CLI/CLI.hpp>)
