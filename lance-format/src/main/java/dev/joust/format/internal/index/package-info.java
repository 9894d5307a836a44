// SPDX-License-Identifier: Apache-2.0
/// Messages of package `lance.index.pb` to records and back.
@NullMarked
package dev.joust.format.internal.index;

import org.jspecify.annotations.NullMarked;
