FROM python:3.12-slim
WORKDIR /app
COPY requirements.lock pyproject.toml README.md dagster.yaml workspace.yaml o2c.yaml o2c.schema.json ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY o2c_orchestration ./o2c_orchestration
RUN pip install --no-cache-dir --no-deps . && useradd --create-home o2c && mkdir -p /var/lib/dagster && chown o2c /var/lib/dagster
ENV DAGSTER_HOME=/app O2C_HOME=/var/lib/dagster/o2c
USER o2c
