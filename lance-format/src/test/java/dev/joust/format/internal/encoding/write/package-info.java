// SPDX-License-Identifier: Apache-2.0
/// Tests of the choice among forms.
@NullMarked
package dev.joust.format.internal.encoding.write;

import org.jspecify.annotations.NullMarked;
