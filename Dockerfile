# BASE may be given by digest: docker compose build --build-arg BASE=python:3.12-slim@sha256:…
ARG BASE=python:3.12-slim

FROM ${BASE} AS build
WORKDIR /src
COPY requirements.runtime.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.runtime.lock
COPY pyproject.toml README.md dagster.yaml workspace.yaml o2c.yaml o2c.schema.json ./
COPY docs/errors.md ./docs/errors.md
COPY o2c_orchestration ./o2c_orchestration
RUN /venv/bin/pip install --no-cache-dir --no-deps .
# Nobody runs the tests of what we lean on, or installs anything there: a sixth of it all.
RUN cd /venv/lib/python3*/site-packages \
 && find numpy pandas scipy statsmodels -depth -type d -name tests -exec rm -rf {} + \
 && /venv/bin/pip uninstall --yes pip

FROM ${BASE}
COPY --from=build /venv /venv
WORKDIR /app
COPY dagster.yaml o2c.yaml ./
COPY deploy/workspace.yaml ./deploy/workspace.yaml
# Dagster's home is writable, its settings in it are not: what it writes goes to the volume.
RUN useradd --uid 10001 --create-home o2c \
 && install -d -o o2c -g o2c /var/lib/o2c /var/lib/o2c/dagster \
 && ln -s /app/dagster.yaml /var/lib/o2c/dagster/dagster.yaml
ENV PATH=/venv/bin:$PATH DAGSTER_HOME=/var/lib/o2c/dagster O2C_HOME=/var/lib/o2c O2C_CONFIG=/app/o2c.yaml \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
