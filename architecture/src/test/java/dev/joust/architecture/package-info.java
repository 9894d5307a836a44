// SPDX-License-Identifier: Apache-2.0
/// The rules of ARCHITECTURE.md as tests over the classes of every module.
@NullMarked
package dev.joust.architecture;

import org.jspecify.annotations.NullMarked;
