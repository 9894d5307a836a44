// SPDX-License-Identifier: Apache-2.0
/// The files behind tags and branches.
@NullMarked
package dev.joust.format.internal.refs;

import org.jspecify.annotations.NullMarked;
