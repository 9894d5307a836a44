// SPDX-License-Identifier: Apache-2.0
/// How a table lies in its folder and how it is read and changed: manifests and their codecs, deletion files,
/// fragments, scans. The commit's parts are in {@link dev.joust.format.commit}. Start at `TableContext` and
/// `ManifestStore`.
@NullMarked
package dev.joust.format.internal.table;

import org.jspecify.annotations.NullMarked;
