// SPDX-License-Identifier: Apache-2.0
/// From rows wanted to bytes read to columns: plans of a scan and of a take, and their execution.
@NullMarked
package dev.joust.format.internal.encoding.schedule;

import org.jspecify.annotations.NullMarked;
