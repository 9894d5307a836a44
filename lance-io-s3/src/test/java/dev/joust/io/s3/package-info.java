// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.joust.io.s3;

import org.jspecify.annotations.NullMarked;
