// SPDX-License-Identifier: Apache-2.0
/// Where a model's files come from, and one ONNX graph as a function of tensors.
@NullMarked
package dev.joust.embed.internal;

import org.jspecify.annotations.NullMarked;
