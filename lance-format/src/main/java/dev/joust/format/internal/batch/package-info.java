// SPDX-License-Identifier: Apache-2.0
/// Work on columns that only this module needs.
@NullMarked
package dev.joust.format.internal.batch;

import org.jspecify.annotations.NullMarked;
