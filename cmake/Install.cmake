# SPDX-License-Identifier: Apache-2.0
# `cmake --install build/release --prefix DIR`: programs, plug-in, run configurations, resources.
# The programs keep the run path to the LibTorch they were built with.
include(GNUInstallDirs)
install(TARGETS visionllama RUNTIME)
if(TARGET visionllama-studio)
  install(TARGETS visionllama-studio RUNTIME)
endif()
if(TARGET vl_cuda)
  install(TARGETS vl_cuda LIBRARY DESTINATION lib)  # where the loader looks: ../lib from the programs
endif()
if(TARGET vl_video)
  install(TARGETS vl_video LIBRARY DESTINATION lib)
endif()
install(DIRECTORY projects DESTINATION ${CMAKE_INSTALL_DATADIR}/visionllama)
install(DIRECTORY resources/ DESTINATION ${CMAKE_INSTALL_DATADIR}/visionllama)
install(DIRECTORY LICENSES DESTINATION ${CMAKE_INSTALL_DOCDIR})
