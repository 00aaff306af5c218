# SPDX-License-Identifier: Apache-2.0
# Imported targets LibTorch::cpu and (when its libraries are there) LibTorch::cuda.
# VL_LIBTORCH: a folder with include/ and lib/ - a LibTorch archive, or the `torch` folder of a Python install.
# The environment variable of the same name gives the default. Variables set: LibTorch_VERSION.
# Torch's own CMake package is not used because it insists on a CUDA toolkit.
set(libtorch_default "${CMAKE_SOURCE_DIR}/.deps/torch-2.11.0/torch")
if(DEFINED ENV{VL_LIBTORCH})
  set(libtorch_default "$ENV{VL_LIBTORCH}")
endif()
set(VL_LIBTORCH "${libtorch_default}" CACHE PATH "LibTorch folder (include/ and lib/ inside)")

# Another folder than last time: forget what was found in the old one.
if(NOT "${VL_LIBTORCH}" STREQUAL "${LIBTORCH_FOUND_IN}")
  foreach(name LIBTORCH_INCLUDE_DIR LIBTORCH_CPU LIBTORCH_C10 LIBTORCH_CUDA LIBTORCH_C10_CUDA OpenMP_gomp_LIBRARY)
    unset(${name} CACHE)
  endforeach()
  set(LIBTORCH_FOUND_IN "${VL_LIBTORCH}" CACHE INTERNAL "")
endif()

find_path(LIBTORCH_INCLUDE_DIR ATen/ATen.h PATHS ${VL_LIBTORCH}/include NO_DEFAULT_PATH)
find_library(LIBTORCH_CPU torch_cpu PATHS ${VL_LIBTORCH}/lib NO_DEFAULT_PATH)
find_library(LIBTORCH_C10 c10 PATHS ${VL_LIBTORCH}/lib NO_DEFAULT_PATH)
find_library(LIBTORCH_CUDA torch_cuda PATHS ${VL_LIBTORCH}/lib NO_DEFAULT_PATH)
find_library(LIBTORCH_C10_CUDA c10_cuda PATHS ${VL_LIBTORCH}/lib NO_DEFAULT_PATH)
mark_as_advanced(LIBTORCH_INCLUDE_DIR LIBTORCH_CPU LIBTORCH_C10 LIBTORCH_CUDA LIBTORCH_C10_CUDA)

# The version header moved in 2.10.
foreach(header torch/headeronly/version.h torch/csrc/api/include/torch/version.h)
  if(LIBTORCH_INCLUDE_DIR AND NOT LibTorch_VERSION AND EXISTS ${LIBTORCH_INCLUDE_DIR}/${header})
    file(STRINGS ${LIBTORCH_INCLUDE_DIR}/${header} parts REGEX "#define TORCH_VERSION_(MAJOR|MINOR|PATCH) +[0-9]+")
    string(REGEX REPLACE "[^0-9;]" "" parts "${parts}")
    string(REPLACE ";" "." LibTorch_VERSION "${parts}")
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LIBTORCH_CPU LIBTORCH_C10 LIBTORCH_INCLUDE_DIR
  VERSION_VAR LibTorch_VERSION
  FAIL_MESSAGE "LibTorch not found under VL_LIBTORCH=${VL_LIBTORCH}: start ./run once, which fetches it, or pass -DVL_LIBTORCH=/path/to/torch")

if(LibTorch_FOUND AND NOT LibTorch_VERSION MATCHES "^2\\.11\\.")
  message(WARNING "LibTorch ${LibTorch_VERSION} is used; only 2.11 is tested. Older wheels than 2.7 have another C++ ABI and fail to link.")
endif()

# Code compiled with OpenMP must run on torch's own OpenMP runtime: a second one would start a second set of threads.
file(GLOB libtorch_openmp ${VL_LIBTORCH}/lib/libgomp*.so*)
if(libtorch_openmp AND NOT OpenMP_gomp_LIBRARY)
  list(GET libtorch_openmp 0 libtorch_openmp)
  set(OpenMP_gomp_LIBRARY ${libtorch_openmp} CACHE FILEPATH "OpenMP runtime that LibTorch uses")
endif()

if(LibTorch_FOUND AND NOT TARGET LibTorch::cpu)
  add_library(LibTorch::c10 SHARED IMPORTED)
  set_target_properties(LibTorch::c10 PROPERTIES IMPORTED_LOCATION ${LIBTORCH_C10})
  add_library(LibTorch::cpu SHARED IMPORTED)
  set_target_properties(LibTorch::cpu PROPERTIES
    IMPORTED_LOCATION ${LIBTORCH_CPU}
    INTERFACE_INCLUDE_DIRECTORIES "${LIBTORCH_INCLUDE_DIR};${LIBTORCH_INCLUDE_DIR}/torch/csrc/api/include"
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${LIBTORCH_INCLUDE_DIR};${LIBTORCH_INCLUDE_DIR}/torch/csrc/api/include"
    INTERFACE_LINK_LIBRARIES LibTorch::c10)
  # The wheel's libraries find their CUDA runtime through rpath; the link itself must not chase it.
  set_property(TARGET LibTorch::cpu APPEND PROPERTY INTERFACE_LINK_OPTIONS "LINKER:--allow-shlib-undefined")
endif()
if(LibTorch_FOUND AND LIBTORCH_CUDA AND NOT TARGET LibTorch::cuda)
  add_library(LibTorch::cuda SHARED IMPORTED)
  set_target_properties(LibTorch::cuda PROPERTIES
    IMPORTED_LOCATION ${LIBTORCH_CUDA} INTERFACE_LINK_LIBRARIES "LibTorch::cpu;${LIBTORCH_C10_CUDA}")
endif()
