// SPDX-License-Identifier: Apache-2.0
/// Tables that the reference wrote, with the rows it reads from them, and random Arrow batches: what tests of every module
/// compare with. Knows nothing of the other modules. Start at [dev.joust.testdata.GoldenTables].
@NullMarked
package dev.joust.testdata;

import org.jspecify.annotations.NullMarked;
