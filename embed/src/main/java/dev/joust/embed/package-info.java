// SPDX-License-Identifier: Apache-2.0
/// Words and pictures to vectors, on ONNX Runtime. Start at {@link dev.joust.embed.ClipModel}; what it reads is a
/// {@link dev.joust.embed.ModelFolder}, a small one of which is built in.
@NullMarked
package dev.joust.embed;

import org.jspecify.annotations.NullMarked;
