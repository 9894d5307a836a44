// SPDX-License-Identifier: Apache-2.0

/// The page in a real browser, Debian's Chromium, feature by feature. Left out of a build unless `-Dbrowser` asks for it,
/// and skipped, saying so, where there is no Chromium. Start with {@link dev.joust.http.browser.PageTest}.
@NullMarked
package dev.joust.http.browser;

import org.jspecify.annotations.NullMarked;
