// SPDX-License-Identifier: Apache-2.0
/// What keeps tables fast in the background. Start with `MaintenanceService`.
@NullMarked
package dev.joust.search.internal.maintain;

import org.jspecify.annotations.NullMarked;
