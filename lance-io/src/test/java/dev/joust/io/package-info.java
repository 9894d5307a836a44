// SPDX-License-Identifier: Apache-2.0
/// Tests of the contract every store keeps, and of what is built on it.
@NullMarked
package dev.joust.io;

import org.jspecify.annotations.NullMarked;
