// SPDX-License-Identifier: Apache-2.0
/// The full-zip layout: large values, each with its levels in front (spec: file format 3.3).
@NullMarked
package dev.joust.format.internal.encoding.page.fullzip;

import org.jspecify.annotations.NullMarked;
