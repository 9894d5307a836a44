// SPDX-License-Identifier: Apache-2.0
/// The inner loops of preparing pictures, in plain Java and by the Vector API.
@NullMarked
package dev.joust.embed.internal.kernel;

import org.jspecify.annotations.NullMarked;
