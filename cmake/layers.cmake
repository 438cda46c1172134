# Each directory of checker/ is one target: heddle_layer(core), heddle_layer(machine USES core memory sync).
# A layer may include what it uses and what that uses, and nothing else; tests/tidy checks the includes.

add_library(heddle_settings INTERFACE)
target_compile_features(heddle_settings INTERFACE cxx_std_20)
target_include_directories(heddle_settings INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
  $<INSTALL_INTERFACE:include>)
# The same whether the tests are built or not, so that nothing is built twice.
if(PROJECT_IS_TOP_LEVEL)
  target_compile_options(heddle_settings INTERFACE
    "$<BUILD_INTERFACE:-Wall;-Wextra;-Wpedantic;-Wshadow;-Wconversion;-Wno-sign-conversion;-Wno-missing-field-initializers>")
  # Errors with the compilers that the tests are run with: others may warn of more.
  if((CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION MATCHES "^12\\.")
     OR (CMAKE_CXX_COMPILER_ID STREQUAL Clang AND CMAKE_CXX_COMPILER_VERSION MATCHES "^14\\."))
    target_compile_options(heddle_settings INTERFACE $<BUILD_INTERFACE:-Werror>)
  endif()
  # GCC 12 sees overlapping copies in std::string's operator+ (GCC bug 105651).
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(heddle_settings INTERFACE $<BUILD_INTERFACE:-Wno-restrict>)
  endif()
endif()

function(heddle_layer name)
  cmake_parse_arguments(LAYER "" "" "USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  list(TRANSFORM LAYER_USES PREPEND heddle_)
  if(sources)
    add_library(heddle_${name} STATIC ${sources})
    set_target_properties(heddle_${name} PROPERTIES UNITY_BUILD "${HEDDLE_MERGE_SOURCES}" UNITY_BUILD_BATCH_SIZE 6)
    target_link_libraries(heddle_${name} PUBLIC heddle_settings ${LAYER_USES})
  else()
    add_library(heddle_${name} INTERFACE)
    target_link_libraries(heddle_${name} INTERFACE heddle_settings ${LAYER_USES})
  endif()
endfunction()
