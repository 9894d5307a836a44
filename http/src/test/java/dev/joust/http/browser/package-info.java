// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.joust.http.browser;

import org.jspecify.annotations.NullMarked;
