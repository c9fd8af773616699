# README shows examples/readme_convolution.c as it is.
#   cmake -DREADME=... -DEXAMPLE=... -P readme_matches.cmake
file(READ ${README} readme)
file(READ ${EXAMPLE} example)
string(REGEX REPLACE "^/\\*.*\\*/\n#include" "#include" code "${example}")
string(FIND "${readme}" "${code}" position)
if(position EQUAL -1)
  message(FATAL_ERROR "README.md does not show the code of ${EXAMPLE}")
endif()
