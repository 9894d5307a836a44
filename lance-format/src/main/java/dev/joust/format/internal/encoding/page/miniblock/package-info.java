// SPDX-License-Identifier: Apache-2.0
/// The mini-block layout: small values in chunks of a few KiB (spec: file format 3.2).
@NullMarked
package dev.joust.format.internal.encoding.page.miniblock;

import org.jspecify.annotations.NullMarked;
