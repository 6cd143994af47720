# SPDX-License-Identifier: BSD-3-Clause
# Make a C string of a text.
s/[\\"]/\\&/g
s/.*/"&\\n"/
