// SPDX-License-Identifier: Apache-2.0
/// The stores that need nothing but Java: {@link dev.joust.io.store.LocalObjectStore} and
/// {@link dev.joust.io.store.MemoryObjectStore}. Every store passes `ObjectStoreContract`.
@NullMarked
package dev.joust.io.store;

import org.jspecify.annotations.NullMarked;
