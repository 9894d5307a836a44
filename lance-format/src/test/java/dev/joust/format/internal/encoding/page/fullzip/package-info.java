// SPDX-License-Identifier: Apache-2.0
/// Tests of full-zip pages.
@NullMarked
package dev.joust.format.internal.encoding.page.fullzip;

import org.jspecify.annotations.NullMarked;
