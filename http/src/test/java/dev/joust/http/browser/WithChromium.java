// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.browser;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.openqa.selenium.chrome.ChromeDriver;

/// Gives tests the browser and the server that they share, which end with the last of them.
final class WithChromium implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(WithChromium.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        Class<?> type = parameter.getParameter().getType();
        return type == ChromeDriver.class || type == DemoServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        if (parameter.getParameter().getType() == DemoServer.class) {
            return test.getRoot().getStore(NAMESPACE)
                    .computeIfAbsent(DemoServer.class, _ -> new DemoServer(), DemoServer.class);
        }
        return test.getRoot().getStore(NAMESPACE).computeIfAbsent(Chromium.class, _ -> {
            try {
                return Chromium.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, Chromium.class).driver();
    }
}
