package com.fasterxml.jackson.datatype.jsr310;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.function.Function;

/** Stands for Jackson's module of the same name, which Debian does not package: days and instants as ISO 8601. */
public class JavaTimeModule extends SimpleModule {
    public JavaTimeModule() {
        addSerializer(LocalDate.class, ToStringSerializer.instance);
        addSerializer(OffsetDateTime.class, ToStringSerializer.instance);
        addDeserializer(LocalDate.class, new Parsed<>(LocalDate.class, LocalDate::parse));
        addDeserializer(OffsetDateTime.class, new Parsed<>(OffsetDateTime.class, OffsetDateTime::parse));
    }

    private static class Parsed<T> extends StdDeserializer<T> {
        private final transient Function<String, T> parse;

        Parsed(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return parse.apply(parser.getText());
        }
    }
}
